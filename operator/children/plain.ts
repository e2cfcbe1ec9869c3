/** A generated class of the Kubernetes client as the plain JSON object that travels; Plain<V1Pod> is checked field by field. */
export type Plain<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [K in keyof T]: Plain<T[K]> }
      : T;
