-- What each request was filed with, or, while it has no ticket, what was rejected: so that another text under its id is
-- told from the same one sent again, for as long as the id is known. Null for a request of before, and for a message
-- that held no text: there the ticket itself is compared, as far as it is still there.
alter table create_results add column digest bytea;
