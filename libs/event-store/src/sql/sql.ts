/** Something that runs SQL: the database itself, one transaction of it, or one connection kept for a purpose. */
export interface Sql {
  /**
   * The rows of one statement with `$1`-style parameters. int8 and xid8 arrive as bigint, bytea as Buffer, date as its
   * ISO text, jsonb parsed. A statement that is used often is prepared by itself, so keep texts constant: pass lists
   * as arrays (`unnest($1::text[])`, `= ANY($1)`), never a text of its own for each length.
   */
  query<Row>(text: string, params?: readonly unknown[]): Promise<Row[]>;
}
