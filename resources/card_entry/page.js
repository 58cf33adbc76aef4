/* The host page of the card fields. One load is one instance is one capture. It sees lengths, validity and the brand,
 * never a digit, and speaks to the program only by navigations that the program refuses after reading them. */
(function () {
  'use strict';

  var setup = JSON.parse(document.getElementById('setup').textContent);
  var NAMES = { cardNumber: 'number', cvv: 'code' };
  var ORDER = ['cardNumber', 'cvv'];
  var BADGES = {
    VIS: 'VISA', ECA: 'MC', AMX: 'AMEX', DIN: 'DC', DIS: 'DISC', JCB: 'JCB', CUP: 'UP', ELO: 'ELO', MAU: 'MAE',
    DNK: 'DK', HPC: 'HIP', HCP: 'HIP', VPY: 'VPAY', UAP: 'UATP',
  };
  var SETTLE_MS = 80;

  var tell = window.deskpayChannel(setup.returnNonce);
  var fields = null;
  var submitting = false;
  var over = false;
  var brand = '';
  var lastState = '';
  var worn = null;
  var wanted = null;
  var settling = 0;

  function fail(what) {
    if (over) return;
    over = true;
    tell('event', 'k=error&w=' + what);
  }

  function element(field) {
    return document.getElementById('field-' + NAMES[field]);
  }

  function showBrand(code) {
    var badge = document.querySelector('.badge');
    badge.hidden = !code;
    badge.textContent = code ? BADGES[code] || setup.words.card : '';
  }

  function tellState(state) {
    var number = (state.fields && state.fields.cardNumber) || {};
    var code = typeof number.paymentMethod === 'string' && /^[A-Z]{3}$/.test(number.paymentMethod) ? number.paymentMethod : '';
    var valid = ORDER.every(function (field) { return Boolean(state.fields && state.fields[field] && state.fields[field].valid); });
    if (code !== brand) showBrand(code);
    brand = code;
    var rest = 'k=state&b=' + code + '&v=' + (valid ? '1' : '0');
    if (rest === lastState || document.body.classList.contains('loading')) return;
    lastState = rest;
    tell('event', rest);
  }

  function showErrors(bad) {
    ORDER.forEach(function (field) { element(field).classList.toggle('bad', bad.indexOf(field) >= 0); });
    var text = bad.map(function (field) { return setup.words[field + 'Invalid']; }).join(' ');
    var line = document.getElementById('error');
    if (line.textContent !== text) line.textContent = text;
  }

  function stillBad(state) {
    return ORDER.filter(function (field) {
      return element(field).classList.contains('bad') && !(state.fields[field] && state.fields[field].valid);
    });
  }

  /** Move the cursor once the page has the keyboard for good: while it gets it, the engine takes the cursor back. */
  function focus(name) {
    wanted = name;
    settle();
  }

  function settle() {
    clearTimeout(settling);
    settling = setTimeout(function () {
      if (!fields || !document.hasFocus()) return;
      var field = wanted || bereft();
      // A frame that is thought to have the cursor already would not be given it again.
      if (!wanted && field) document.activeElement.blur();
      wanted = null;
      if (field) fields.focus(field);
    }, SETTLE_MS);
  }

  /** The field whose frame is thought to have the cursor, which the engine took back while the page got the keyboard. */
  function bereft() {
    return ORDER.find(function (name) {
      return element(name).contains(document.activeElement) && !element(name).classList.contains('focused');
    });
  }

  function onChange(state) {
    var event = state.event || {};
    if (event.type === 'keyDown') wanted = null;
    if (NAMES[event.field] && event.type === 'focus') element(event.field).classList.add('focused');
    if (NAMES[event.field] && event.type === 'blur') {
      element(event.field).classList.remove('focused');
      settle();
    }
    showErrors(stillBad(state));
    tellState(state);
  }

  function onValidate(state) {
    tellState(state);
    if (!state.hasErrors) return;
    var bad = ORDER.filter(function (field) { return !(state.fields[field] && state.fields[field].valid); });
    showErrors(bad);
    if (!submitting) return;
    submitting = false;
    document.body.classList.remove('busy');
    if (bad.length) focus(bad[0]);
    tell('event', 'k=invalid&f=' + NAMES[bad[0] || 'cardNumber']);
  }

  function onSuccess(answer) {
    if (over) return;
    var id = answer && answer.transactionId;
    if (typeof id !== 'string' || !/^[0-9]{18}$/.test(id) || answer.error) {
      fail('malformed');
      return;
    }
    over = true;
    tell('done', 't=' + id + '&b=' + brand);
  }

  function onError(error) {
    if (error && error.action === 'init') fail('init');
    else if (/form expired/i.test(String((error && error.error) || error))) fail('expired');
    else fail('refused');
  }

  function fieldStyles(look) {
    return {
      '*': 'border:0;outline:none;background:transparent;width:100%;height:100%;padding:0;margin:0;' +
        'font:400 14px Arial,"Liberation Sans","DejaVu Sans",sans-serif;color:' + look.text,
      '*::placeholder': 'color:' + look.tertiary + ';opacity:1',
    };
  }

  function wear(look) {
    worn = look;
    Object.keys(look).forEach(function (name) { document.documentElement.style.setProperty('--' + name, look[name]); });
  }

  function field(name) {
    return {
      placeholderElementId: 'slot-' + NAMES[name],
      inputType: 'tel',
      placeholder: setup.words[name + 'Hint'],
      ariaLabel: setup.words[name + 'Label'],
      iframeTitle: setup.words[name + 'Title'],
    };
  }

  function onReady() {
    document.body.classList.remove('loading');
    if (worn !== setup.look) fields.setStyle(fieldStyles(worn));
    tell('event', 'k=ready');
  }

  function start() {
    if (typeof window.SecureFields !== 'function') {
      fail('blocked');
      return;
    }
    fields = new window.SecureFields();
    fields.on('change', onChange);
    fields.on('validate', onValidate);
    fields.on('success', onSuccess);
    fields.on('error', onError);
    fields.on('ready', function () {
      if (document.readyState === 'complete') onReady();
      else window.addEventListener('load', onReady);
    });
    try {
      fields.initTokenize(setup.publicKey, { cardNumber: field('cardNumber'), cvv: field('cvv') }, {
        styles: fieldStyles(setup.look),
      });
    } catch (broken) {
      fail('blocked');
    }
  }

  window.deskpayCapture = {
    submit: function (month, year) {
      submitting = true;
      document.body.classList.add('busy');
      fields.submit({ expm: month, expy: year });
    },
    wear: function (look) {
      wear(look);
      if (fields && !document.body.classList.contains('loading')) fields.setStyle(fieldStyles(look));
    },
    focus: function (name) {
      if (fields && !document.body.classList.contains('loading')) focus(name);
    },
  };

  ORDER.forEach(function (name) {
    var label = element(name).querySelector('.label');
    label.textContent = setup.words[name + 'Label'];
    label.addEventListener('click', function () { window.deskpayCapture.focus(name); });
  });
  window.addEventListener('focus', settle);
  document.body.classList.add('loading');
  wear(setup.look);

  var script = document.createElement('script');
  script.nonce = setup.scriptNonce;
  script.src = setup.pay + '/upp/payment/js/secure-fields-2.0.0.min.js';
  script.onload = start;
  script.onerror = function () { fail('blocked'); };
  document.head.appendChild(script);
})();
