import type { ReactNode } from "react";
import classes from "./data-table.module.css";

// A table that is laid out as blocks is none to a browser, unless it is told so.
const role = (name: string) => ({ role: name });

/** A column: its name and what it shows of a row. */
export interface Column<Item> {
  key: string;
  head: ReactNode;
  cell: (row: Item) => ReactNode;
  /** Numbers and buttons stand at the end. */
  end?: boolean;
}

interface Props<Item> {
  label: string;
  columns: readonly Column<Item>[];
  rows: readonly Item[];
  keyOf: (row: Item) => string | number;
}

/** Rows of figures; on a phone each becomes a card. The roles keep it a table there too. */
export function DataTable<Item>({ label, columns, rows, keyOf }: Props<Item>) {
  return (
    <table className={classes.table} {...role("table")} aria-label={label}>
      <thead className={classes.head} {...role("rowgroup")}>
        <tr {...role("row")}>
          {columns.map((column) => (
            <th
              key={column.key}
              scope="col"
              {...role("columnheader")}
              className={column.end ? classes.end : undefined}
            >
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...role("rowgroup")}>
        {rows.map((row) => (
          <tr key={keyOf(row)} className={classes.row} {...role("row")}>
            {columns.map((column) => (
              <td
                key={column.key}
                {...role("cell")}
                className={column.end ? classes.end : undefined}
              >
                <span className={classes.label} aria-hidden>
                  {column.head}
                </span>
                <div>{column.cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
