import { Body, Controller, Delete, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { isoOfUs } from '../http/instants.ts';
import { type Json, valueOf } from '../http/reply.ts';
import type { ApiKeyRow } from '../keys/api-key-list.ts';
import { bootstrap, type Principal } from '../keys/key-ring.ts';
import { newKey } from '../keys/secret.ts';
import { knowsReseller } from './known.ts';
import { issuedKeyReply, keysReply } from './ops.openapi.ts';
import * as parse from './ops.schema.ts';

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ApiKeysController {
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
  }

  @Get()
  @Answers({ summary: 'List API keys', reply: keysReply })
  async listApiKeys(): Promise<Json> {
    const rows = await this.edge.keys.list();
    // The key of the configuration is in no table, and opens every door; so who lists the keys must see it.
    return { apiKeys: [{ keyId: bootstrap.keyId, name: bootstrap.name, role: bootstrap.role, issuedBy: 'configuration (EDGE_ADMIN_KEY)' }, ...rows.map(keyJson)] };
  }

  @Post()
  @Answers({ summary: 'Issue an API key', status: 201, reply: issuedKeyReply, refusals: ['reseller_not_named', 'unknown_reseller'] })
  async issueApiKey(@Body({ schema: parse.newApiKey }) { resellerId = 0, ...body }: parse.NewApiKey, @Caller() caller: Principal): Promise<Json> {
    if (resellerId > 0) await knowsReseller(this.edge.ask.card, resellerId);
    const { keyId, token, digest } = newKey();
    const at = this.edge.clock.nowUs();
    valueOf(await this.edge.keys.handle(keyId, { type: 'Issue', ...body, resellerId, digest, by: nameOf(caller), at }));
    return { keyId, token };
  }

  @Delete(':keyId')
  @Answers({ summary: 'Revoke an API key for good', status: 204, refusals: ['unknown_api_key'] })
  async revokeApiKey(@Param({ schema: parse.keyPath }) { keyId }: parse.KeyPath, @Caller() caller: Principal): Promise<void> {
    valueOf(await this.edge.keys.handle(keyId, { type: 'Revoke', by: nameOf(caller), at: this.edge.clock.nowUs() }));
    this.edge.keys.ring.forget(keyId);
  }
}

function keyJson({ keyId, name, role, resellerId, issuedAtUs, issuedBy, revokedAtUs, revokedBy }: ApiKeyRow): Json {
  return {
    ...{ keyId, name, role, issuedBy, issuedAt: isoOfUs(issuedAtUs) },
    ...(resellerId === 0 ? {} : { resellerId }),
    ...(revokedAtUs === null ? {} : { revokedAt: isoOfUs(revokedAtUs), revokedBy }),
  };
}
