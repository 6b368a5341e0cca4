-- name: readings
SELECT count(*), min(at), max(at) FROM shigotoba.reading

-- name: recent
SELECT count(*)
FROM shigotoba.reading
WHERE at > %(newest_at)s::timestamptz - %(days)s * interval '1 day' AND at <= %(newest_at)s

-- name: kept_from
SELECT kept_from FROM shigotoba.retention

-- name: data_directory
-- No row for a role that may not see it.
SELECT setting FROM pg_settings WHERE name = 'data_directory'

-- name: data_directory_citus
-- No row either where other machines hold readings.
SELECT setting
FROM pg_settings
WHERE name = 'data_directory' AND NOT EXISTS (SELECT FROM pg_dist_node WHERE groupid <> 0 AND shouldhaveshards)

-- name: machines
SELECT count(*) FROM pg_dist_node WHERE shouldhaveshards AND noderole = 'primary'

-- name: tables_native
SELECT relname,
       CASE relkind
           WHEN 'p' THEN (SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(oid::regclass))::bigint
           ELSE pg_total_relation_size(oid)
       END AS size_bytes
FROM pg_class
WHERE relnamespace = 'shigotoba'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
ORDER BY size_bytes DESC, relname

-- name: tables_citus
SELECT relname,
       CASE
           WHEN relkind = 'p' THEN (
               SELECT coalesce(sum(citus_total_relation_size(relid)), 0)::bigint
               FROM pg_partition_tree(oid::regclass)
               WHERE isleaf
           )
           WHEN logicalrelid IS NOT NULL THEN citus_total_relation_size(oid::regclass)
           ELSE pg_total_relation_size(oid)
       END AS size_bytes
FROM pg_class
LEFT JOIN pg_dist_partition ON logicalrelid = oid
WHERE relnamespace = 'shigotoba'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
ORDER BY size_bytes DESC, relname

-- name: tables_timescale
SELECT relname,
       CASE relname WHEN 'reading' THEN hypertable_size('shigotoba.reading') ELSE pg_total_relation_size(oid) END
           AS size_bytes
FROM pg_class
WHERE relnamespace = 'shigotoba'::regnamespace AND relkind = 'r'
ORDER BY size_bytes DESC, relname

-- name: pieces_native
SELECT count(*), 0, 0, 0 FROM pg_inherits WHERE inhparent = 'shigotoba.reading'::regclass

-- name: pieces_citus
SELECT count(*), 0, 0, 0 FROM pg_inherits WHERE inhparent = 'shigotoba.reading'::regclass

-- name: pieces_timescale
SELECT total_chunks, number_compressed_chunks,
       coalesce(before_compression_total_bytes, 0), coalesce(after_compression_total_bytes, 0)
FROM hypertable_compression_stats('shigotoba.reading')

-- name: newest_index_native
SELECT max(pg_indexes_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'shigotoba.reading'::regclass

-- name: newest_index_citus
-- On all machines together.
SELECT max(citus_total_relation_size(inhrelid::regclass) - citus_table_size(inhrelid::regclass))
FROM pg_inherits
WHERE inhparent = 'shigotoba.reading'::regclass

-- name: newest_index_timescale
SELECT max(index_bytes)
FROM chunks_detailed_size('shigotoba.reading')
JOIN timescaledb_information.chunks USING (chunk_schema, chunk_name)
WHERE NOT is_compressed
