package davtest

import (
	"embed"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

//go:embed sabredav
var sabreFiles embed.FS

// radicale speaks HTTP/1.0, gives out tokens by content, writes every object anew and refuses a second UID with 409.
func radicale() kind {
	return kind{
		name:     "radicale",
		programs: []program{{"radicale", "radicale"}},
		prepare: func(dir string, port int) (*exec.Cmd, error) {
			users, config := filepath.Join(dir, "users"), filepath.Join(dir, "config")
			if err := os.WriteFile(users, []byte(user+":"+password+"\n"), 0o600); err != nil {
				return nil, err
			}
			text := "[server]\nhosts = " + host(port) + "\n" +
				"[auth]\ntype = htpasswd\nhtpasswd_filename = " + users + "\nhtpasswd_encryption = plain\ndelay = 0\n" +
				"[rights]\ntype = owner_only\n" +
				"[storage]\nfilesystem_folder = " + filepath.Join(dir, "data") + "\n" +
				"[web]\ntype = none\n"
			if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
				return nil, err
			}
			return exec.Command("radicale", "-C", config), nil
		},
	}
}

// xandikos keeps a git repository, knows no passwords, and refuses with a 412 inside a 207.
func xandikos() kind {
	return kind{
		name:     "xandikos",
		programs: []program{{"xandikos", "xandikos"}},
		prepare: func(dir string, port int) (*exec.Cmd, error) {
			home, data := filepath.Join(dir, "home"), filepath.Join(dir, "data")
			for _, d := range []string{home, data} {
				if err := os.MkdirAll(d, 0o700); err != nil {
					return nil, err
				}
			}
			cmd := exec.Command("xandikos", "-d", data, "-l", "127.0.0.1", "-p", strconv.Itoa(port),
				"--current-user-principal", "/"+user+"/", "--defaults")
			cmd.Env = append(os.Environ(), "HOME="+home)
			return cmd, nil
		},
	}
}

// sabredav is the engine of Nextcloud, ownCloud and Baïkal: no sync-collection in this version, bytes kept as sent.
func sabredav() kind {
	return kind{
		name: "sabredav",
		programs: []program{
			{"php", "php-cli"},
			{"/usr/share/php/Sabre/autoload.php", "php-sabre-dav"},
		},
		prepare: func(dir string, port int) (*exec.Cmd, error) {
			for _, name := range []string{"server.php", "setup.php"} {
				b, err := sabreFiles.ReadFile("sabredav/" + name)
				if err != nil {
					return nil, err
				}
				if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
					return nil, err
				}
			}
			server := filepath.Join(dir, "server.php")
			cmd := exec.Command("php", "-d", "memory_limit=512M", "-S", host(port), server)
			cmd.Env = append(os.Environ(), "ZOHOSYNC_USER="+user, "ZOHOSYNC_PASSWORD="+password)
			setup := exec.Command("php", filepath.Join(dir, "setup.php"))
			setup.Env = cmd.Env
			if out, err := setup.CombinedOutput(); err != nil {
				return nil, &setupError{err, string(out)}
			}
			return cmd, nil
		},
	}
}

// setupError is what a program said that prepares a server.
type setupError struct {
	err error
	out string
}

func (e *setupError) Error() string { return e.err.Error() + ": " + e.out }
func (e *setupError) Unwrap() error { return e.err }
