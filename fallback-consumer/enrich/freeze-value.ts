/** Makes a value unchangeable, all through: records share it, and a transform that changed it would change others' documents. */
export function freezeValue<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) {
    return value;
  }
  Object.freeze(value);
  for (const member of Object.values(value)) freezeValue(member);
  return value;
}
