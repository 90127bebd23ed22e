-- The overview reads some days of all offers; the primary key gives all days of some. Counting a redemption
-- changes neither of its columns, so the updates of a day's row stay heap-only.
create index offer_daily_day on offer_daily (day);
