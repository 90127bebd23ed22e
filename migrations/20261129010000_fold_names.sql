-- A name without regard to case, the same in every database: `lower` alone goes by the database's locale, in which a
-- Turkish one does not find `GIFT` by `gift`, and that of "C" knows no letters but those of ASCII. Upper case first brings
-- ß and SS together, NFKC the spellings of one letter (é, full width). The dot of a Turkish İ and the Greek ς at the end of
-- a word do not count.
do $$
declare
    chosen text;
begin
    -- ICU is in nearly every PostgreSQL; the others are for one that was built without it. "C" last: it is always there.
    foreach chosen in array array['und-x-icu', 'pg_c_utf8', 'C.utf8'] loop
        begin
            execute format(
                'create function offercast_fold(text) returns text language sql immutable strict parallel safe
                 return translate(lower(upper(normalize($1, NFKC) collate %1$I) collate %1$I),
                                  U&''\03C2\0307'', U&''\03C3'')',
                chosen);
            return;
        exception when others then
            raise notice 'names are not folded by %: %', chosen, sqlerrm;
        end;
    end loop;
    create function offercast_fold(text) returns text language sql immutable strict parallel safe
        return lower($1 collate "C");
end
$$;

-- Kept beside the name: folding 100,000 names for each search takes more than a second. The database fills it, so that an
-- older program that knows nothing of it may go on writing.
alter table offers add column name_folded text generated always as (offercast_fold(name)) stored;
