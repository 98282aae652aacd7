const whole = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });
const exact = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });

/** An amount of money, with cents where there are any. */
export function euros(amount: number): string {
  return (Number.isInteger(amount) ? whole : exact).format(amount);
}
