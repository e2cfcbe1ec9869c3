/** An amount as Kubernetes writes it, not negative. */
export const QUANTITY = /^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

const POWERS = 'kMGTPE';

/** The number that an amount such as 500m, 2 or 1Gi stands for; undefined for what is none. */
export function quantityOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const unit = typeof value === 'string' ? QUANTITY.exec(value)?.[2] : undefined;
  if (typeof value !== 'string' || !QUANTITY.test(value)) return undefined;
  const digits = Number.parseFloat(value);
  if (unit === undefined) return digits;
  if (unit === 'm') return digits / 1000;
  const power = POWERS.indexOf(unit.charAt(0).replace('K', 'k')) + 1;
  return digits * (unit.endsWith('i') ? 1024 : 1000) ** power;
}
