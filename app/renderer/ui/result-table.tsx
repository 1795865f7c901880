import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly className?: string;
}

interface ResultTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Null: nothing was asked for yet. */
  readonly rows: readonly Row[] | null;
  readonly keyOf: (row: Row) => string;
  /** What kind of row it is, as `data-kind`. */
  readonly kindOf: (row: Row) => string;
  readonly texts: { readonly notYet: string; readonly nothing: string; readonly more: string };
  /** Null: there are no older ones. */
  readonly onMore: (() => void) | null;
  readonly busy: boolean;
}

/** What a question found, newest first, with a way to older ones. */
export function ResultTable<Row>({ label, columns, rows, keyOf, kindOf, texts, onMore, busy }: ResultTableProps<Row>) {
  if (rows === null || rows.length === 0)
    return (
      <div className="panel query-results">
        <p className="empty">{rows === null ? texts.notYet : texts.nothing}</p>
      </div>
    );
  return (
    <div className="panel query-results">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable region */}
      <section className="table-scroll" tabIndex={0} aria-label={label}>
        <table className="table">
          <thead>
            <tr>
              {columns.map(({ id, head }) => (
                <th key={id} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={keyOf(row)} data-kind={kindOf(row)}>
                {columns.map(({ id, className, cell }) => (
                  <td key={id} className={className}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {onMore === null ? null : (
          <button type="button" className="button more" disabled={busy} onClick={onMore}>
            {texts.more}
          </button>
        )}
      </section>
    </div>
  );
}
