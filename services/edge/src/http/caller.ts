import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { present } from '@tollwire/core';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../keys/key-ring.ts';

const callers = new WeakMap<FastifyRequest, Principal>();

/** Notes whose key came with a request, before its body is read. */
export function admit(request: FastifyRequest, caller: Principal): void {
  callers.set(request, caller);
}

/** The holder of the key that a request came with. */
export function callerOf(request: FastifyRequest): Principal {
  return present(callers.get(request), 'the holder of the key, which the door notes before any controller runs');
}

/** Hands the holder of the key to a controller. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) => callerOf(context.switchToHttp().getRequest()));

/** How a holder is named in what was done: never by the key. */
export function nameOf({ role, name }: Principal): string {
  return `${role}:${name}`;
}
