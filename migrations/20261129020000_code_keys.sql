-- The key by which the codes of a batch are encrypted: 0 is the secret of `code_secret` alone; another number names a key
-- of the installation's settings, which is combined with that secret. Codes that exist keep the key they have.
alter table code_batches add column key_id integer not null default 0 check (key_id >= 0);
