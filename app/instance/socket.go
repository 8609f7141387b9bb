package instance

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Names in the home: the socket, or a file that says where it is.
const (
	socketName  = "instance.sock"
	pointerName = "instance.at"
)

// longest is what every system takes as the path of a socket; macOS has 104 bytes with the end.
const longest = 100

// bind opens the socket of a home. Where the path would be too long, or others may look into the home, it lies in a private
// folder that the home points to.
func bind(home string) (l net.Listener, forget func(), err error) {
	socket, pointer := filepath.Join(home, socketName), filepath.Join(home, pointerName)
	forget = func() {
		_ = os.Remove(socket)
		_ = os.Remove(pointer)
	}
	forget() // left by a process that was killed
	if len(socket) > longest || !private(home) {
		folder, err := privateFolder()
		if err != nil {
			return nil, nil, fmt.Errorf("listen: %w", err)
		}
		socket = filepath.Join(folder, socketName)
		forgetPointer := forget
		forget = func() {
			forgetPointer()
			_ = os.RemoveAll(folder)
		}
	}
	if l, err = net.Listen("unix", socket); err != nil {
		forget()
		return nil, nil, fmt.Errorf("listen: %w", err)
	}
	// Windows has no such modes: there the folder of the person guards it.
	if err = os.Chmod(socket, 0o600); runtime.GOOS == "windows" {
		err = nil
	}
	if err == nil && filepath.Dir(socket) != home {
		err = os.WriteFile(pointer, []byte(socket+"\n"), 0o600)
	}
	if err != nil {
		_ = l.Close()
		forget()
		return nil, nil, fmt.Errorf("listen: %w", err)
	}
	return l, forget, nil
}

func private(folder string) bool {
	info, err := os.Stat(folder)
	return err == nil && (runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0)
}

// privateFolder makes a folder with a short name that nobody else may enter.
func privateFolder() (string, error) {
	if run := os.Getenv("XDG_RUNTIME_DIR"); run != "" && len(run) < longest/2 {
		if folder, err := os.MkdirTemp(run, "zohosync-"); err == nil {
			return folder, nil
		}
	}
	return os.MkdirTemp("", "zohosync-")
}

// dial reaches the process that answers for a home. ErrNobody when there is none; a socket that was left behind is none.
func dial(ctx context.Context, home string) (*conn, error) {
	socket := filepath.Join(home, socketName)
	if at, err := os.ReadFile(filepath.Join(home, pointerName)); err == nil {
		socket = strings.TrimSpace(string(at))
	}
	if len(socket) > longest {
		return nil, ErrNobody
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", socket)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, errors.Join(ErrNobody, err)
	}
	return newConn(c), nil
}
