-- The people who may sign in, and how they do.
create table users (
    id            bigint generated always as identity primary key,
    email         text not null,
    -- The address in lower case: it names a person however it is written.
    email_folded  text not null unique,
    name          text not null,
    role          text not null check (role in ('owner', 'manager', 'analyst')),
    -- argon2id, in the PHC string format. Null before the invitation is accepted, and for people who sign in through
    -- an identity provider.
    password_hash text,
    -- The secret of the authenticator app, once it is confirmed.
    totp_secret   bytea,
    -- The secret that is being set up.
    totp_pending  bytea,
    -- The time step of the last code that was used, so that no code works twice.
    totp_step     bigint not null default 0,
    -- The identity of the person at an identity provider: issuer and subject.
    oidc_issuer   text,
    oidc_subject  text,
    created_at    timestamptz not null,
    disabled_at   timestamptz,
    unique (oidc_issuer, oidc_subject)
);

-- Codes that replace the authenticator app once; used ones are deleted. Only SHA-256 hashes are stored, as of all
-- tokens here: they have too many bits to be guessed.
create table recovery_codes (
    user_id   bigint not null references users (id) on delete cascade,
    code_hash bytea not null,
    primary key (user_id, code_hash)
);

create table sessions (
    id           bigint generated always as identity primary key,
    user_id      bigint not null references users (id) on delete cascade,
    token_hash   bytea not null unique,
    user_agent   text not null,
    address      text not null,
    created_at   timestamptz not null,
    last_used_at timestamptz not null,
    expires_at   timestamptz not null
);
create index sessions_by_user on sessions (user_id);

-- Links that work once; used ones are deleted.
create table one_time_links (
    token_hash bytea primary key,
    user_id    bigint not null references users (id) on delete cascade,
    purpose    text not null check (purpose in ('sign_in', 'invitation', 'password_reset')),
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index one_time_links_by_user on one_time_links (user_id);

-- Browsers in which a person has signed in before: guesses from elsewhere do not delay them.
create table known_devices (
    token_hash   bytea primary key,
    user_id      bigint not null references users (id) on delete cascade,
    last_used_at timestamptz not null
);
create index known_devices_by_user on known_devices (user_id);
