-- name: notice_dead_peers
-- Over TCP, so that the locks of a worker whose machine vanished are free after some 20 s, also where the server has
-- an answer under way to it; no effect on a local socket.
SELECT set_config('tcp_keepalives_idle', '10', false),
       set_config('tcp_keepalives_interval', '5', false),
       set_config('tcp_keepalives_count', '2', false),
       set_config('tcp_user_timeout', '20000', false)
