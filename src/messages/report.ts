// Text of report.html.
export const reportMessages = {
  "report.rows": { en: "{rows} rows", zh: "{rows} 行" },
} as const;
