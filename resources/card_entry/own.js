/* The page of card fields of our own, for an acquirer that offers none: what is typed goes from here straight to it, with
 * the public key, and nowhere else. It tells the program lengths, validity, the brand and the id of what was made, never
 * a digit, and keeps what was typed no longer than the request needs it. */
(function () {
  'use strict';

  var setup = JSON.parse(document.getElementById('setup').textContent);
  var NAMES = { cardNumber: 'number', cvv: 'code' };
  var LENGTHS = { cardNumber: 23, cvv: 3 };
  var BADGES = { VIS: 'VISA', ECA: 'MC' };
  // A saved card is known by its id; only its code is asked for.
  var ORDER = setup.cardId ? ['cvv'] : ['cardNumber', 'cvv'];

  var tell = window.deskpayChannel(setup.returnNonce);
  var inputs = {};
  var submitting = false;
  var over = false;
  var lastState = '';

  function fail(what) {
    if (over) return;
    over = true;
    forget();
    tell('event', 'k=error&w=' + what);
  }

  function forget() {
    ORDER.forEach(function (name) { inputs[name].value = ''; });
  }

  function element(name) {
    return document.getElementById('field-' + NAMES[name]);
  }

  function digits(name) {
    return inputs[name].value.replace(/[ -]/g, '');
  }

  function brandOf(number) {
    if (/^4/.test(number)) return 'VIS';
    return /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/.test(number) ? 'ECA' : '';
  }

  function passesLuhn(number) {
    var sum = 0;
    for (var at = 0; at < number.length; at += 1) {
      var digit = Number(number[number.length - 1 - at]) * (at % 2 ? 2 : 1);
      sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 === 0;
  }

  function isWhole(number) {
    return /^[0-9]{13,19}$/.test(number) && passesLuhn(number);
  }

  function isValid(name) {
    if (name === 'cvv') return /^[0-9]{3}$/.test(digits('cvv'));
    return isWhole(digits('cardNumber')) && brandOf(digits('cardNumber')) !== '';
  }

  function complaint(name) {
    var foreign = name === 'cardNumber' && isWhole(digits(name));
    return setup.words[foreign ? 'cardNumberForeign' : name + 'Invalid'];
  }

  function showErrors(bad) {
    ORDER.forEach(function (name) { element(name).classList.toggle('bad', bad.indexOf(name) >= 0); });
    var text = bad.map(complaint).join(' ');
    var line = document.getElementById('error');
    if (line.textContent !== text) line.textContent = text;
  }

  function onTyped() {
    var brand = setup.cardId ? '' : brandOf(digits('cardNumber'));
    var badge = document.querySelector('.badge');
    badge.hidden = !brand;
    badge.textContent = BADGES[brand] || '';
    showErrors(ORDER.filter(function (name) {
      var foreign = name === 'cardNumber' && isWhole(digits(name)) && !brand;
      return foreign || (element(name).classList.contains('bad') && !isValid(name));
    }));
    var rest = 'k=state&b=' + brand + '&v=' + (ORDER.every(isValid) ? '1' : '0');
    if (rest === lastState) return;
    lastState = rest;
    tell('event', rest);
  }

  function make(month, year, holder, email) {
    var billing = { name: holder };
    if (email) billing.email = email;
    var details = { card_number: digits('cardNumber'), exp_month: month, exp_year: 2000 + year, cvc: digits('cvv') };
    return ['POST', '/v1/payment_methods', { type: 'card', details: details, billing: billing }];
  }

  /** Ask for the code of a saved card anew; the sources disagree about the call, so the connection says which. */
  function renew() {
    var attributes = setup.codeCall === 'patch' ? { details: { card: { cvc: digits('cvv') } } } : { cvc: digits('cvv') };
    return [setup.codeCall === 'patch' ? 'PATCH' : 'PUT', '/v1/payment_methods/' + setup.cardId, attributes];
  }

  function onAnswer(status, told) {
    var id = told && told.data && told.data.id;
    if (status === 401 || status === 403) fail('init');
    else if (status !== 200) fail('refused');
    else if (typeof id !== 'string' || !/^pm_[0-9A-Za-z]{1,60}$/.test(id) || (setup.cardId && id !== setup.cardId)) fail('malformed');
    else if (!over) {
      over = true;
      var brand = setup.cardId ? '' : brandOf(digits('cardNumber'));
      forget();
      tell('done', 't=' + id + '&b=' + brand);
    }
  }

  function send(call) {
    window.fetch(setup.api + call[1], {
      method: call[0],
      headers: { Authorization: 'Basic ' + window.btoa(setup.publicKey + ':'), 'Content-Type': 'application/json' },
      body: JSON.stringify({ data: { attributes: call[2] } }),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    }).then(function (answer) {
      return answer.json().then(
        function (told) { onAnswer(answer.status, told); },
        function () { onAnswer(answer.status, null); }
      );
    }).catch(function () { fail('blocked'); });
  }

  function wear(look) {
    Object.keys(look).forEach(function (name) { document.documentElement.style.setProperty('--' + name, look[name]); });
  }

  function focus(name) {
    inputs[ORDER.indexOf(name) < 0 ? ORDER[0] : name].focus();
  }

  function build(name) {
    var input = document.createElement('input');
    var field = element(name);
    input.type = 'text';
    input.inputMode = 'numeric';
    input.autocomplete = 'off';
    input.spellcheck = false;
    input.maxLength = LENGTHS[name];
    input.setAttribute('aria-label', setup.words[name + 'Title']);
    input.setAttribute('aria-describedby', 'error');
    input.placeholder = setup.words[name + 'Hint'];
    input.addEventListener('input', onTyped);
    input.addEventListener('focus', function () { field.classList.add('focused'); });
    input.addEventListener('blur', function () { field.classList.remove('focused'); });
    field.querySelector('.slot').appendChild(input);
    var label = field.querySelector('.label');
    label.textContent = setup.words[name + 'Label'];
    label.addEventListener('click', function () { focus(name); });
    inputs[name] = input;
  }

  window.deskpayCapture = {
    submit: function (month, year, holder, email) {
      if (submitting || over) return;
      var bad = ORDER.filter(function (name) { return !isValid(name); });
      if (bad.length) {
        showErrors(bad);
        focus(bad[0]);
        tell('event', 'k=invalid&f=' + NAMES[bad[0]]);
        return;
      }
      submitting = true;
      document.body.classList.add('busy');
      ORDER.forEach(function (name) { inputs[name].readOnly = true; });
      send(setup.cardId ? renew() : make(month, year, holder, email));
    },
    wear: wear,
    focus: focus,
  };

  if (setup.cardId) element('cardNumber').hidden = true;
  ORDER.forEach(build);
  wear(setup.look);
  tell('event', 'k=ready');
})();
