/* One field of the test vault. Digits live in this input only: never in the console, storage, title or address. */
(function () {
  'use strict';

  var setup = JSON.parse(document.getElementById('setup').textContent);
  var input = document.getElementById('field');
  var rules = document.styleSheets[0];
  var isNumber = setup.fieldName === 'cardNumber';
  var isCode = setup.fieldName === 'cvv';
  var isIban = setup.fieldName === 'iban';
  var isMaster = setup.fieldName === setup.fieldNames[0];

  // First match wins; the order makes every published test card land on its brand.
  var BRANDS = [
    ['HPC', ['3841', '606282'], [16], [3]],
    ['ELO', ['636297', '6550', '506699', '509000-509999', '650031-651999'], [16], [3]],
    ['DNK', ['5019'], [16], [3]],
    ['AMX', ['34', '37'], [15], [4]],
    ['DIN', ['300-305', '309', '36', '38', '39'], [14, 15, 16, 17, 18, 19], [3]],
    ['JCB', ['3528-3589'], [16, 17, 18, 19], [3]],
    ['DIS', ['6011', '644-649', '65'], [16, 17, 18, 19], [3]],
    ['CUP', ['62', '81'], [16, 17, 18, 19], [0, 3]],
    ['ECA', ['51-55', '2221-2720'], [16], [3]],
    ['VIS', ['4'], [13, 16, 19], [3]],
    ['MAU', ['50', '56-69'], [12, 13, 14, 15, 16, 17, 18, 19], [0, 3]],
  ];
  var CO_BRANDS = { 4035501000000008: 'CBL', 4360000001000005: 'CBL' };
  var LONGEST_ACCOUNT = 34;
  var GROUPS = { AMX: [4, 6, 5], DIN: [4, 6, 4, 5] };

  /** 2 = the prefix matches, 1 = it still could, 0 = it cannot. */
  function prefixMatch(digits, prefix) {
    var ends = prefix.split('-');
    var low = ends[0];
    var high = ends[1] || low;
    var size = Math.min(digits.length, low.length);
    var head = digits.slice(0, size);
    if (head < low.slice(0, size) || head > high.slice(0, size)) return 0;
    return size === low.length ? 2 : 1;
  }

  /** The brand once the typed prefix decides it, otherwise null. */
  function brandOf(digits) {
    if (!digits) return null;
    for (var i = 0; i < BRANDS.length; i += 1) {
      var best = Math.max.apply(null, BRANDS[i][1].map(function (prefix) { return prefixMatch(digits, prefix); }));
      if (best === 2) return BRANDS[i];
      if (best === 1) return null;
    }
    return null;
  }

  function luhn(digits) {
    var sum = 0;
    for (var i = 0; i < digits.length; i += 1) {
      var digit = Number(digits[digits.length - 1 - i]);
      if (i % 2) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
      sum += digit;
    }
    return sum % 10 === 0;
  }

  /** What was typed, without what only makes it readable; an IBAN also has letters. */
  function typed(text) {
    return isIban ? text.replace(/[^0-9a-z]/gi, '').toUpperCase() : text.replace(/\D/g, '');
  }

  function digits() {
    return typed(input.value);
  }

  /** ISO 7064, MOD 97-10, over an IBAN whose head was moved behind its tail. */
  function checksIban(text) {
    if (!/^[A-Z]{2}\d{2}[0-9A-Z]{11,30}$/.test(text)) return false;
    var rest = 0;
    (text.slice(4) + text.slice(0, 4)).split('').forEach(function (mark) {
      parseInt(mark, 36).toString().split('').forEach(function (digit) { rest = (rest * 10 + Number(digit)) % 97; });
    });
    return rest === 1;
  }

  /** A sibling's field, through the parent's named frames; throws if the browser keeps them apart. */
  function sibling(name) {
    var frame = window.parent.frames['securefields-' + setup.instanceId + '--' + name];
    return frame && frame.testVaultField;
  }

  function reaches(name) {
    try {
      return Boolean(sibling(name));
    } catch (refused) {
      return false;
    }
  }

  function numberBrand() {
    if (isNumber) return brandOf(digits());
    var number = setup.fieldNames.indexOf('cardNumber') >= 0 ? sibling('cardNumber') : null;
    return number ? number.brand() : null;
  }

  function cvvLengths() {
    var brand = numberBrand();
    var lengths = brand ? brand[3] : [3];
    return setup.cvvOptional ? [0].concat(lengths) : lengths;
  }

  function isValid() {
    var text = digits();
    if (isIban) return checksIban(text);
    if (isCode) return cvvLengths().indexOf(text.length) >= 0;
    if (!isNumber) return text !== '';
    var brand = brandOf(text);
    if (!brand || brand[2].indexOf(text.length) < 0 || !luhn(text)) return false;
    return !setup.paymentMethods.length || setup.paymentMethods.indexOf(brand[0]) >= 0;
  }

  function maximum() {
    if (!isNumber && !isCode) return LONGEST_ACCOUNT;
    var brand = numberBrand();
    if (isNumber) return brand ? Math.max.apply(null, brand[2]) : 19;
    return brand ? Math.max.apply(null, brand[3]) : 4;
  }

  function group(text) {
    if (!isNumber) return text;
    var brand = brandOf(text);
    var sizes = (brand && GROUPS[brand[0]]) || [4, 4, 4, 4, 3];
    var parts = [];
    sizes.forEach(function (size) {
      if (text) parts.push(text.slice(0, size));
      text = text.slice(size);
    });
    return parts.join(' ');
  }

  /** Regroup after any edit, keeping the caret behind the same digit. */
  function tidy() {
    var before = typed(input.value.slice(0, input.selectionStart)).length;
    input.value = group(digits().slice(0, maximum()));
    var caret = 0;
    for (var seen = 0; caret < input.value.length && seen < before; caret += 1) {
      if (input.value[caret] !== ' ') seen += 1;
    }
    if (document.activeElement === input) input.setSelectionRange(caret, caret);
  }

  function paint(judged) {
    var text = digits();
    input.classList.toggle('empty', text === '');
    input.classList.toggle('identified', isNumber && brandOf(text) !== null);
    input.classList.toggle('valid', isValid());
    if (judged || isValid()) input.classList.toggle('invalid', !isValid());
  }

  function state() {
    var text = digits();
    var result = { length: text.length, valid: isValid(), required: !isCode || cvvLengths()[0] !== 0 };
    var brand = isNumber ? brandOf(text) : null;
    if (brand) result.paymentMethod = brand[0];
    if (isNumber && CO_BRANDS[text]) result.coBrand = CO_BRANDS[text];
    return result;
  }

  function snapshot() {
    var fields = {};
    var hasErrors = false;
    setup.fieldNames.forEach(function (name) {
      var field = name === setup.fieldName ? own : sibling(name);
      if (!field) return;
      fields[name] = field.state();
      hasErrors = hasErrors || !fields[name].valid;
    });
    return { fields: fields, hasErrors: hasErrors };
  }

  function say(messageType, rest) {
    window.parent.postMessage(Object.assign({ instanceId: setup.instanceId, messageType: messageType }, rest), '*');
  }

  function changed(type, eventExtra) {
    var response = snapshot();
    response.event = Object.assign({ field: setup.fieldName, type: type }, eventExtra);
    say('change', { response: response });
  }

  var own = {
    state: state,
    digits: digits,
    brand: function () { return isNumber ? brandOf(digits()) : null; },
    judge: function () { paint(true); },
    brandChanged: function () { tidy(); paint(input.classList.contains('invalid')); },
  };
  window.testVaultField = own;

  function validate() {
    setup.fieldNames.forEach(function (name) {
      var field = name === setup.fieldName ? own : sibling(name);
      if (!field) throw new Error('The test vault cannot reach its field ' + name);
      field.judge();
    });
    var response = snapshot();
    say('validateResponse', { response: response });
    return !response.hasErrors;
  }

  function ask(purpose, extra) {
    var brand = own.brand();
    var entered = {};
    setup.fieldNames.forEach(function (name) {
      entered[name] = name === setup.fieldName ? digits() : sibling(name).digits();
    });
    var about = { paymentMethod: brand ? brand[0] : '', merchantId: setup.merchantId };
    var body = new URLSearchParams(Object.assign({ mode: purpose, formId: setup.formId }, entered, about, extra));
    return fetch(location.pathname, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'X-Requested-With': 'XMLHttpRequest',
      },
      body: body.toString(),
      cache: 'no-store',
    }).then(function (answer) { return answer.json(); });
  }

  function submit(message) {
    if (!validate()) return;
    var expiry = {};
    if (message.parameters.expm !== undefined) expiry.expm = message.parameters.expm;
    if (message.parameters.expy !== undefined) expiry.expy = message.parameters.expy;
    ask(setup.mode, Object.assign(expiry, message.browserDetails)).catch(function () {
      return { result: 'error', error: 'An unexpected error occurred' };
    }).then(function (response) {
      var emulate = response.emulate;
      delete response.emulate;
      if (emulate === 'reload') {
        location.reload();
        return;
      }
      say('submitResponse', { response: response, messageId: message.messageId });
      if (emulate === 'twice') say('submitResponse', { response: response, messageId: message.messageId });
    });
  }

  function cardFacts(message) {
    ask('CARDINFO', {}).catch(function () {
      return { result: 'error', error: 'An unexpected error occurred' };
    }).then(function (response) {
      say('cardInfoResponse', { response: response, messageId: message.messageId });
    });
  }

  function declarations(style) {
    var text = typeof style === 'string' ? style : Object.keys(style).map(function (name) {
      return name.replace(/[A-Z]/g, function (letter) { return '-' + letter.toLowerCase(); }) + ':' + style[name];
    }).join(';');
    return text.split(';').filter(function (part) { return !/url\(/i.test(part); }).join(';').replace(/[{}]/g, '');
  }

  function addStyle(message) {
    var tokens = (message.selectors || []).filter(function (token) { return /^(::?[a-z-]+|\.[a-z]+)$/.test(token); });
    var rule = '#field' + tokens.join('') + '{' + declarations(message.style) + '}';
    if (message.globalSelector) rule = message.globalSelector.replace(/[{}]/g, '') + '{' + rule + '}';
    rules.insertRule(rule, rules.cssRules.length);
  }

  function onMessage(event) {
    var message = event.data || {};
    if (event.source !== window.parent) return;
    switch (message.messageType) {
      case 'submitRequest': if (isMaster) submit(message); break;
      case 'validateRequest': if (isMaster) validate(); break;
      case 'cardInfoRequest': if (isMaster) cardFacts(message); break;
      case 'setStyle': addStyle(message); break;
      case 'setPlaceholder': input.placeholder = message.placeholder; break;
      case 'setAriaLabel': input.setAttribute('aria-label', message.ariaLabel); break;
      case 'clear': input.value = ''; input.classList.remove('invalid'); edited(); break;
      case 'simulateAutocomplete': changed('autocomplete', { field: message.field, value: message.value }); break;
      default:
    }
  }

  function edited() {
    tidy();
    paint(false);
    var cvv = isNumber && setup.fieldNames.indexOf('cvv') >= 0 ? sibling('cvv') : null;
    if (cvv) cvv.brandChanged();
  }

  function onKey(type) {
    return function (event) {
      changed(type, { eventData: { isNumber: /^[0-9]$/.test(event.key) } });
    };
  }

  /** The mark sits in a closed shadow root with inline-proof rules: no style of the host page reaches it. */
  function drawMark() {
    var root = document.getElementById('mark').attachShadow({ mode: 'closed' });
    var sheet = new CSSStyleSheet();
    sheet.replaceSync(
      ':host{display:flex!important;align-items:center!important;visibility:visible!important;opacity:1!important}' +
      'span{font:700 8px/9px Arial,sans-serif;letter-spacing:.4px;color:#251500;background:#F5A524;' +
      'padding:2px 4px;border-radius:3px;text-align:center;width:30px;user-select:none}'
    );
    root.adoptedStyleSheets = [sheet];
    var text = document.createElement('span');
    text.textContent = 'TEST VAULT';
    root.appendChild(text);
  }

  function prepareInput() {
    input.type = setup.inputType || 'text';
    input.autocomplete = isNumber ? 'cc-number' : isCode ? 'cc-csc' : 'off';
    input.placeholder = setup.placeholder || '';
    if (setup.ariaLabel) input.setAttribute('aria-label', setup.ariaLabel);
    input.addEventListener('input', edited);
    input.addEventListener('focus', function () { changed('focus'); });
    input.addEventListener('blur', function () { paint(digits() !== ''); changed('blur'); });
    input.addEventListener('keydown', onKey('keyDown'));
    input.addEventListener('keyup', onKey('keyUp'));
    window.addEventListener('focus', function () { input.focus(); });
    window.addEventListener('message', onMessage);
    paint(false);
  }

  drawMark();
  if (setup.initError) {
    say('initResponse', { error: { error: setup.initError } });
    return;
  }
  prepareInput();
  if (!isMaster && !reaches(setup.fieldNames[0])) {
    say('initResponse', { error: { error: 'The test vault cannot reach its own fields' } });
    return;
  }
  if (setup.neverReady) return;
  say('fieldReady', { fieldName: setup.fieldName, formId: isMaster ? setup.formId : undefined });
})();
