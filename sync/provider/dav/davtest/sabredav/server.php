<?php
// Serves CalDAV and CardDAV at the root, as the router of PHP's own web server.
error_reporting(E_ERROR);
ini_set('display_errors', '0');
date_default_timezone_set('UTC');
require '/usr/share/php/Sabre/autoload.php';

if (preg_match('#^/\.well-known/(caldav|carddav)$#', parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH))) {
    header('Location: /', true, 301);
    exit;
}

class Users extends Sabre\DAV\Auth\Backend\AbstractBasic
{
    private $db;

    public function __construct(PDO $db)
    {
        $this->db = $db;
    }

    protected function validateUserPass($user, $password)
    {
        $found = $this->db->prepare('SELECT 1 FROM users WHERE username = ? AND digesta1 = ?');
        $found->execute([$user, md5("$user:SabreDAV:$password")]);
        return (bool) $found->fetch();
    }
}

$db = new PDO('sqlite:' . __DIR__ . '/data.sqlite');
$db->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
$db->exec('PRAGMA busy_timeout = 10000');
$db->exec('PRAGMA synchronous = OFF');
$principals = new Sabre\DAVACL\PrincipalBackend\PDO($db);
$server = new Sabre\DAV\Server([
    new Sabre\CalDAV\Principal\Collection($principals),
    new Sabre\CalDAV\CalendarRootNode($principals, new Sabre\CalDAV\Backend\PDO($db)),
    new Sabre\CardDAV\AddressBookRoot($principals, new Sabre\CardDAV\Backend\PDO($db)),
]);
$server->setBaseUri('/');
$server->addPlugin(new Sabre\DAV\Auth\Plugin(new Users($db), 'SabreDAV'));
$server->addPlugin(new Sabre\CalDAV\Plugin());
$server->addPlugin(new Sabre\CardDAV\Plugin());
$server->addPlugin(new Sabre\DAVACL\Plugin());
$server->exec();
