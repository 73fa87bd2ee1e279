/** Mailscope's mark: an envelope under a magnifying glass. */
export function Logo({ size, className }: { readonly size: number; readonly className?: string | undefined }) {
  return (
    <svg
      className={className}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      <path d="M3 7l9 6 9-6M3 7v10h6M3 7h18v5" />
      <circle cx="16.5" cy="16.5" r="3.5" />
      <path d="M19 19l2.5 2.5" />
    </svg>
  );
}
