interface PinFieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly inputRef: React.Ref<HTMLInputElement> | null;
}

/** Digits only, never shown. */
export function PinField({ label, name, value, onChange, inputRef }: PinFieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        ref={inputRef}
        name={name}
        type="password"
        inputMode="numeric"
        autoComplete="off"
        maxLength={12}
        value={value}
        onChange={(event) => onChange(event.target.value.replace(/\D/g, ''))}
      />
    </label>
  );
}
