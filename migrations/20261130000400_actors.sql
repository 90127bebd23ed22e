-- Who made a redemption, a reversal or a reservation. Null: before this version, and imported ones.
alter table redemptions add column actor text;
alter table reservations add column actor text;
