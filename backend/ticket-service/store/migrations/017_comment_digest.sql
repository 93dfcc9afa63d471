-- Of the text that a comment was filed with, by which another text under its request is told; null while it says that text.
alter table comments add column digest bytea;
