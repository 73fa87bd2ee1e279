/**
 * The policy file that an administrator begins with: JSON with comments, every
 * key explained, nothing changed but the profile. Whatever stands in a comment
 * as an example is valid when its `// ` is taken away.
 */

/** `profile`: the name of a profile. */
export function startingFile(profile: string): string {
  return TEXT.replace('@PROFILE@', profile);
}

const TEXT = `// A Mailscope policy. It is JSON in which comments are allowed; a comma behind the last entry is not.
// Everything is optional: what is absent comes from the profile.
//   mailscope policy check FILE     says whether it is right, and where it is not
//   mailscope policy show FILE      shows what it amounts to
//   mailscope inspect -p FILE ...   judges captures by it
{
  // The version of this format.
  "schema": 1,

  // What holds where this file says nothing:
  //   modern      what today's mail servers should meet; rules against TLS and authentication are off
  //   checkpoint  as the security documents describe it: TLS and authentication on port 25 are reported
  //   mailguard   a firewall with Mail Guard: seven commands, no extensions
  //   strict      narrower bounds
  "profile": "@PROFILE@",

  // Your own networks: addresses such as "10.0.0.25" and prefixes such as "10.0.0.0/8" or "2001:db8::/32".
  "networks": {
    // Everything that is inside.
    "own": [],
    // Servers that speak SMTP, POP3 or IMAP.
    "mailServers": [],
    // Servers that take mail from outside.
    "relays": [],
    // Microsoft Exchange servers: they use commands of their own among each other.
    "exchangeServers": [],
    // Proxies and load balancers whose XCLIENT, XFORWARD and PROXY are believed.
    "trustedProxies": [],
    // Domains that you receive mail for, such as "example.org".
    "ownDomains": []
  },

  // One entry for each protection that should differ from the profile. The command mailscope protections lists
  // the ids, with --json also the settings and their ranges. Of each entry all keys are optional:
  //   action    "off"; "detect": report it; "prevent": report it as something to be stopped
  //   settings  by name
  //   servers   the only servers that it holds for
  "protections": {
    // "smtp-max-recipients": { "action": "detect", "settings": { "limit": 200 }, "servers": ["10.0.0.25"] },
    // "pop3-weak-password": { "action": "off" },
    // "smtp-bad-greeting": { "action": "prevent" }
  },

  // The perimeter: who may open connections to whom, as lines of a named extended access list of Cisco IOS.
  // The first line that matches decides; what a line "deny ... log" decides is reported. Without lines, and with
  // own and relays or mailServers above, port 25 is open to those servers only, 109, 110 and 143 to none.
  //   mailscope policy acl FILE               prints the filter that enforces it
  //   mailscope policy verify -p FILE HOST    tries it out
  "perimeter": [
    // "permit tcp any host 10.0.0.25 eq smtp",
    // "permit tcp any host 10.0.0.26 eq 993",
    // "deny tcp any any eq smtp log",
    // "deny tcp any any range pop2 pop3 log",
    // "deny tcp any any eq imap log",
    // "permit ip any any"
  ],

  // Bounds of the engine, where the usual ones do not suit. More memory for more connections at once:
  "limits": {
    // "flows": 500000
  }
}
`;
