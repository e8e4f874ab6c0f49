import { z } from 'zod';

const terms = z.object({
  name: z.string(), by: z.string(), measure: z.string(), windowSec: z.number(), limit: z.string(), currency: z.string().default(''), prefixes: z.array(z.string()).default([]),
  highRisk: z.boolean().default(false), payers: z.array(z.string()).default([]), exceptPayers: z.array(z.string()).default([]), action: z.string(),
});

export const rule = z.object({ id: z.number(), terms, setBy: z.string().default(''), retiredAt: z.string().optional() });
export type Rule = z.infer<typeof rule>;
export const rules = z.object({ rules: z.array(rule) });

export const fraudCase = z.object({
  ruleId: z.number(), rule: z.string(), subject: z.string(), measure: z.string(), measured: z.string(), limit: z.string(), currency: z.string().default(''), status: z.string(),
  suspectedAt: z.string().default(''), clearedBy: z.string().default(''), block: z.string(), problem: z.string().default(''),
});
export type FraudCase = z.infer<typeof fraudCase>;
export const cases = z.object({ cases: z.array(fraudCase) });

const range = z.object({ prefix: z.string(), note: z.string().default(''), addedBy: z.string().default('') });
export type Range = z.infer<typeof range>;
export const ranges = z.object({ ranges: z.array(range), nextAfterPrefix: z.string().default('') });
export const changed = z.object({ changedCount: z.number() });
