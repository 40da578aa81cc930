/** The server's own name for whether the open transaction may only read. */
export const accessSetting = "transaction_read_only";

/** What transactions begin with. */
export const defaultAccess = "default_transaction_read_only";

/** Whether transactions may only read under these settings. */
export function isReadOnly(settings: ReadonlyMap<string, { readonly value: string }>): boolean {
  const value = settings.get(accessSetting)?.value.toLowerCase();
  return value !== undefined && ["on", "true", "yes", "1"].includes(value);
}
