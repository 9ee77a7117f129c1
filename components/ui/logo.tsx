/** Ferry's mark: a small boat on a wave. Decorative beside the name, so hidden from assistive technology. */
export function LogoMark({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#136b74" />
      <path d="M15.4 5.5v10.2H8.2z" fill="#aed7da" />
      <path d="M17 8.2l6.4 7.5H17z" fill="#fff" />
      <path d="M5.6 18h20.8l-2.7 4.6a2.4 2.4 0 0 1-2.1 1.2H10.4a2.4 2.4 0 0 1-2.1-1.2z" fill="#fff" />
      <path
        d="M5.5 27.2c1.75 0 1.75-1.2 3.5-1.2s1.75 1.2 3.5 1.2S14.25 26 16 26s1.75 1.2 3.5 1.2S21.25 26 23 26s1.75 1.2 3.5 1.2"
        fill="none"
        stroke="#7fbfc4"
        strokeWidth="1.7"
        strokeLinecap="round"
      />
    </svg>
  );
}
