-- Who changed what. Entries are written in the transaction of the change and never updated or deleted. Redemptions and
-- reservations record who acted themselves.
create table audit_log (
    -- 0: the change concerns no offer.
    offer_id     bigint not null,
    id           bigint generated always as identity,
    at           timestamptz not null,
    actor        text not null,
    actor_name   text not null,
    action       text not null,
    subject      text not null,
    subject_name text not null,
    -- The changed fields, and their values before and after.
    fields       text[] not null,
    before       text[] not null,
    after        text[] not null,
    address      text not null,
    request_id   text not null,
    primary key (offer_id, id)
);
create index audit_log_by_id on audit_log (id);
