/** The profile switch: each profile with what it means and how much of the catalogue it activates. */
import { Menu } from '@base-ui/react/menu';
import { Check, ChevronDown } from 'lucide-react';
import type { PolicyDescription } from '../../shared/policy.js';
import controls from '../controls/controls.module.css';
import { PROFILES, profileTitle } from './policy-words.js';
import styles from './policy.module.css';

interface ProfileMenuProps {
  readonly profile: string;
  readonly profiles: Readonly<Record<string, PolicyDescription>>;
  readonly onProfile: (profile: string) => void;
}

export function ProfileMenu({ profile, profiles, onProfile }: ProfileMenuProps) {
  return (
    <Menu.Root>
      <Menu.Trigger className={`${controls.button} ${styles.profile}`}>
        <span className={styles.profileWord}>Profile</span> {profileTitle(profile)}
        <ChevronDown size={14} strokeWidth={1.7} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={controls.floating} align="start" sideOffset={4}>
          <Menu.Popup className={`${controls.menu} ${styles.profileMenu}`}>
            <Menu.RadioGroup value={profile} onValueChange={(value: string) => onProfile(value)}>
              {PROFILES.map(({ name, title, meaning }) => (
                <Menu.RadioItem key={name} value={name} closeOnClick className={styles.profileItem}>
                  <span className={controls.menuCheck}>
                    <Menu.RadioItemIndicator>
                      <Check size={14} strokeWidth={2} />
                    </Menu.RadioItemIndicator>
                  </span>
                  <span className={styles.profileText}>
                    <span className={styles.profileTitle}>
                      {title}
                      <ActiveOf description={profiles[name]} />
                    </span>
                    <span className={styles.profileMeaning}>{meaning}</span>
                  </span>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            <p className={styles.profileNote}>Your own changes stay: they are kept as differences from the profile.</p>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function ActiveOf({ description }: { readonly description: PolicyDescription | undefined }) {
  if (description === undefined) return null;
  return (
    <span className={styles.profileActive}>
      {description.active} of {description.total} active
    </span>
  );
}
