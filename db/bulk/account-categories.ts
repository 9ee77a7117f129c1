/*
 * What an account holds besides its collections, as parts of statements. COPY takes no parameters: `owner` is SQL, of the
 * account's id.
 */

/**
 * What its person has set, as rows (setting, about, value): their name, how they are told of each topic, and the matching
 * rules of collections. What is not set has no row.
 */
export function settingsSelect(owner: string): string {
  return `select 'name' as setting, '' as about, to_jsonb(name) as value from users
      where id = ${owner} and name is not null
    union all
    select 'delivery', topic, jsonb_build_object('inApp', in_app, 'byMail', by_mail) from notification_preferences
      where owner_id = ${owner}
    union all
    select 'matchingRule', id::text, matching from collections where owner_id = ${owner} and matching is not null`;
}

/** The same as lines of a backup. */
export function settingLines(owner: string): string {
  return `select json_build_object('setting', setting, 'about', about, 'value', value)
    from (${settingsSelect(owner)}) settings order by setting, about`;
}

/** The notifications that its person can see, as lines of a backup. */
export function noticeLines(owner: string): string {
  return `select json_build_object('id', id, 'kind', kind, 'subjectId', subject_id, 'title', title, 'message', message,
      'mail', mail_state, 'createdAt', ${momentText("created_at", "MS")}, 'readAt', ${momentText("read_at", "MS")},
      'resolvedAt', ${momentText("resolved_at", "MS")})
    from notices where owner_id = ${owner} and in_app order by id`;
}

/** A moment as ISO 8601 UTC, to the millisecond or with all that PostgreSQL keeps (US). */
export function momentText(column: string, precision: "MS" | "US"): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.${precision}"Z"')`;
}
