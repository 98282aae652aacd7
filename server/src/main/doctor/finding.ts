/** What was found about one thing. A warning needs somebody's attention some day, a problem now. */
export interface Finding {
  state: 'ok' | 'warning' | 'problem';
  /** What is so, and for warnings and problems what to do. */
  text: string;
}

export const ok = (text: string): Finding => ({ state: 'ok', text });
export const warning = (text: string): Finding => ({ state: 'warning', text });
export const problem = (text: string): Finding => ({ state: 'problem', text });

/** One thing that is looked at, and all that was found about it. */
export interface Report {
  name: string;
  findings: Finding[];
}
