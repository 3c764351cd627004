import type { SqlColumn } from "./sql-column.ts";
import { toSqlType } from "./sql-type.ts";

/**
 * Asks the catalog for a table's columns: name, type, its class, modifier, arrays around it, whether it is of the key.
 * Those of the primary key come first, in its order. Parameters: schema, table.
 *
 * Generated columns are left out: the log does not carry them.
 *
 * @see https://www.postgresql.org/docs/current/logical-replication-gencols.html
 */
export const READ_COLUMNS = `
with recursive resolved (number, name, type, modifier, arrays) as (
  select a.attnum, a.attname, a.atttypid, a.atttypmod, 0
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  union all
  select r.number, r.name,
    case when t.typtype = 'd' then t.typbasetype else t.typelem end,
    case when t.typtype = 'd' then t.typtypmod else r.modifier end,
    r.arrays + case when t.typtype = 'd' then 0 else 1 end
  from resolved r
  join pg_type t on t.oid = r.type
  where t.typtype = 'd' or (t.typcategory = 'A' and t.typelem <> 0)
)
select r.name, t.typname, t.typtype, r.modifier, r.arrays, k.place is not null
from resolved r
join pg_type t on t.oid = r.type and not (t.typtype = 'd' or (t.typcategory = 'A' and t.typelem <> 0))
left join (
  select u.number, u.place
  from pg_index i
  join pg_class c on c.oid = i.indrelid
  join pg_namespace n on n.oid = c.relnamespace
  cross join lateral unnest(i.indkey) with ordinality as u (number, place)
  where n.nspname = $1 and c.relname = $2 and i.indisprimary
) k on k.number = r.number
order by k.place nulls last, r.number`;

/**
 * Asks whether the log holds whole rows before a change. Of a partitioned table it is its partitions that decide.
 * Parameters: schema, table.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertable.html `REPLICA IDENTITY`
 */
export const READ_IDENTITY = `
select coalesce(
  (select bool_and(leaf.relreplident = 'f')
   from pg_partition_tree(c.oid) tree join pg_class leaf on leaf.oid = tree.relid where tree.isleaf),
  c.relreplident = 'f'
)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2`;

/** The columns in an answer to {@link READ_COLUMNS}, every value as text. */
export function parseColumns(rows: readonly (readonly (string | null)[])[]): readonly SqlColumn[] {
  return rows.map(([name, type, typeClass, modifier, arrays, isKey]) => ({
    name: name ?? "",
    type: toSqlType({
      name: type ?? "",
      class: typeClass ?? "",
      modifier: Number(modifier),
      arrays: Number(arrays),
    }),
    isKey: isKey === "t" || isKey === "true",
  }));
}
