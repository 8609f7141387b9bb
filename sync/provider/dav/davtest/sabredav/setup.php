<?php
// Makes the database of the server beside this file, with one person in it. Does nothing when it is there.
$file = __DIR__ . '/data.sqlite';
if (file_exists($file)) {
    exit(0);
}
foreach (['pdo_sqlite' => 'php-sqlite3', 'dom' => 'php-xml', 'mbstring' => 'php-mbstring'] as $extension => $package) {
    if (!extension_loaded($extension)) {
        fwrite(STDOUT, "PHP's extension $extension is missing: install the Debian package $package\n");
        exit(1);
    }
}
$db = new PDO('sqlite:' . $file);
$db->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
foreach ([
    'CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT UNIQUE, digesta1 TEXT)',
    'CREATE TABLE principals (id INTEGER PRIMARY KEY, uri TEXT UNIQUE, email TEXT, displayname TEXT, vcardurl TEXT)',
    'CREATE TABLE groupmembers (id INTEGER PRIMARY KEY, principal_id INTEGER, member_id INTEGER, UNIQUE(principal_id, member_id))',
    'CREATE TABLE calendars (id INTEGER PRIMARY KEY, principaluri TEXT, displayname TEXT, uri TEXT, ctag INTEGER,
        description TEXT, calendarorder INTEGER, calendarcolor TEXT, timezone TEXT, components TEXT, transparent INTEGER)',
    'CREATE TABLE calendarobjects (id INTEGER PRIMARY KEY, calendardata BLOB, uri TEXT, calendarid INTEGER, lastmodified INTEGER,
        etag TEXT, size INTEGER, componenttype TEXT, firstoccurence INTEGER, lastoccurence INTEGER)',
    'CREATE TABLE addressbooks (id INTEGER PRIMARY KEY, principaluri TEXT, displayname TEXT, uri TEXT, description TEXT, ctag INTEGER)',
    'CREATE TABLE cards (id INTEGER PRIMARY KEY, addressbookid INTEGER, carddata BLOB, uri TEXT, lastmodified INTEGER)',
] as $table) {
    $db->exec($table);
}
$user = getenv('ZOHOSYNC_USER');
$db->prepare('INSERT INTO users (username, digesta1) VALUES (?, ?)')
   ->execute([$user, md5($user . ':SabreDAV:' . getenv('ZOHOSYNC_PASSWORD'))]);
$add = $db->prepare('INSERT INTO principals (uri, email, displayname) VALUES (?, ?, ?)');
foreach (['', '/calendar-proxy-read', '/calendar-proxy-write'] as $proxy) {
    $add->execute(["principals/$user$proxy", "$user@example.com", $user]);
}
