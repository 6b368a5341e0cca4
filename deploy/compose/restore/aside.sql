-- What is there is kept under another name; nobody may be in it while it gets that.
ALTER DATABASE shigotoba ALLOW_CONNECTIONS false;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shigotoba';
ALTER DATABASE shigotoba RENAME TO :"aside";
ALTER DATABASE :"aside" ALLOW_CONNECTIONS true;
CREATE DATABASE shigotoba TEMPLATE template0;
