// Package ingest plans how the user's files become the tables of schema core. It sniffs files, maps columns, writes SQL and rewrites files
// that are not plain; it runs no SQL: analytics/duck does.
//
// # The life of a row
//
//  1. A file is found (Discover) and its dialect is sniffed (Sniff): kind, compression, encoding, delimiter, quote, header, decimal comma.
//     What was found is recorded in audit.sources; what was configured wins over what was found.
//  2. Columns of the file are mapped to the columns of the contract (Inputs): by `columns`, else by equal name.
//  3. Records are counted by Splitter, independently of the engine. A record that is no row (wrong number of fields, a lost quote, NUL
//     bytes, broken encoding, longer than a mebibyte) is rejected with its line; the next line is read as if nothing had happened.
//  4. The engine reads the file strictly with every column as text. A file that is not plain for it is first rewritten (Normalise) into
//     canonical CSV with the line number in front of every record; so is one in which any value is refused, because the report needs lines.
//  5. Every value goes text → mapped (`values`) → typed (FileSQL). The row gets exactly one fate: excluded (`only`, `exclude`), rejected (with
//     column, found and allowed), outside (at or after period.to), duplicate (same id, else same content; the winner is chosen by content, so
//     that neither the order nor the number of files matters), or loaded. The five add up to the rows read, or the load is refused.
//  6. The customer's id goes through the identities (Resolve) and becomes the integer key ck; instants become UTC, and days of the business
//     zone through a table of the zone's transitions (ZoneExpr), not through a time zone library per row.
//
// Missing is: nothing, or nothing but spaces, between the delimiters; in text files also the words NULL, null and \N; in optional columns of
// times, numbers and fixed words also None, NaN, nan, NaT, <NA>, 0000-00-00 and 0000-00-00 00:00:00.
package ingest
