-- Before tables change: policies, functions and their triggers go, since they hold on to columns. What is not at the
-- newest revision afterwards stays closed (forced row security without a policy shows nothing); at the newest, the other
-- files say them anew.
do $$
declare t record;
begin
  for t in select schemaname, tablename, policyname from pg_policies where schemaname = 'public' loop
    execute format('drop policy %I on %I.%I', t.policyname, t.schemaname, t.tablename);
  end loop;
  for t in select p.oid::regprocedure as name from pg_proc p where p.pronamespace = 'app'::regnamespace loop
    execute format('drop function if exists %s cascade', t.name); -- cascade: its triggers
  end loop;
end $$;
