import type { Schema } from '../../../libs/platform/src/orm.ts';
import * as card from '../../../services/card/src/migrations/index.ts';
import * as cdr from '../../../services/cdr/src/migrations/index.ts';
import * as edge from '../../../services/edge/src/migrations/index.ts';
import * as rating from '../../../services/rating/src/migrations/index.ts';
import type { FloorService } from './shape.ts';

/** The services' own migrations, so that the floor writes to the same tables and indexes as they do. */
export const schemas: Record<FloorService, Schema> = {
  edge: { ...edge.schema, entities: [] },
  cdr: { ...cdr.schema, entities: [] },
  card: { entities: [], migrations: card.migrations, grants: card.grants },
  rating: { entities: [], migrations: rating.migrations, grants: rating.grants },
};
