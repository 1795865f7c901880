interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly inputRef?: React.Ref<HTMLInputElement>;
  readonly name?: string;
  readonly className?: string;
}

/** Service number, as it is typed; whoever sends it makes capital letters of it. */
export function NumberField({ label, onChange, inputRef, readOnly, ...input }: FieldProps & { readOnly?: boolean }) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        {...input}
        ref={inputRef}
        readOnly={readOnly}
        maxLength={16}
        autoCapitalize="characters"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

/** Digits only, never shown. */
export function PinField({ label, onChange, inputRef, ...input }: FieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        {...input}
        ref={inputRef}
        type="password"
        inputMode="numeric"
        autoComplete="off"
        maxLength={12}
        onChange={(event) => onChange(event.target.value.replace(/\D/g, ''))}
      />
    </label>
  );
}
