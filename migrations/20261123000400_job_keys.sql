-- At most one pending job per key: keys that begin with `pending:` are free again as soon as their job
-- leaves the queue, so that a change during a run queues a second run. A failed job waits longer each
-- time (2, 4, 8 ... seconds, an hour at most) before it is tried again; apalis alone retries at once.
create function offercast_job_lifecycle() returns trigger language plpgsql as $$
begin
    if new.status <> 'Pending' and new.idempotency_key like 'pending:%' then
        new.idempotency_key := null;
    end if;
    if new.status = 'Failed' and old.status <> 'Failed' then
        new.run_at := now() + make_interval(secs => least(3600, power(2, new.attempts)));
    end if;
    return new;
end
$$;

create trigger offercast_job_lifecycle before update on apalis.jobs
    for each row execute function offercast_job_lifecycle();
