/* Stand-in for the vault's host script: same globals, calls, events and traps as the documented service.
 * It has no timers, no retries and no lock on submit, because the service has none either. */
(function () {
  'use strict';

  var endpoint = new URL(document.currentScript.src).origin;
  var FRAME_PATH = '/upp/payment/SecureFields/paymentField';
  var FIELDS = ['cardNumber', 'cvv', 'iban', 'accountNumber', 'branchCode'];
  var SELECTOR = new RegExp('^(\\*|' + FIELDS.join('|') + ')((?:::?[a-z-]+|\\.[a-z]+)*)$');
  var AT_RULE = /^@(media|font-face)\b/;

  window.datatransPaymentConfig = { endpoint: endpoint, version: '2.0.0' };

  function drawInstanceId() {
    var alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
    var id = '';
    var bytes = crypto.getRandomValues(new Uint8Array(9));
    for (var i = 0; i < 9; i += 1) id += alphabet[bytes[i] % alphabet.length];
    return id;
  }

  function browserDetails() {
    return {
      browserUserAgent: navigator.userAgent,
      browserJavaEnabled: navigator.javaEnabled(),
      browserLanguage: navigator.language,
      browserColorDepth: screen.colorDepth,
      browserScreenHeight: screen.height,
      browserScreenWidth: screen.width,
      browserTZ: new Date().getTimezoneOffset(),
    };
  }

  function query(values) {
    return Object.keys(values)
      .filter(function (key) { return values[key] !== undefined; })
      .map(function (key) { return key + '=' + encodeURIComponent(values[key]); })
      .join('&');
  }

  function withoutResult(response) {
    var copy = Object.assign({}, response);
    delete copy.result;
    return copy;
  }

  window.SecureFields = function SecureFields() {
    var instanceId = drawInstanceId();
    var handlers = {};
    var callbacks = {};
    var lastMessageId = 0;
    var setup = null;

    function emit(event, payload) {
      if (handlers[event]) handlers[event](payload);
    }

    function frameName(field) {
      return 'securefields-' + instanceId + '--' + field;
    }

    function frameOf(field) {
      return document.getElementById(frameName(field));
    }

    function post(field, message) {
      var frame = setup && frameOf(field);
      if (frame) frame.contentWindow.postMessage(message, '*');
    }

    /** Names nobody knows are ignored; a known one whose frame does not exist throws. */
    function postOrThrow(field, message) {
      if (FIELDS.indexOf(field) >= 0) frameOf(field).contentWindow.postMessage(message, '*');
    }

    function createFrame(field, formId) {
      var options = setup.options;
      var config = setup.fields[field];
      var placeholder = document.getElementById(config.placeholderElementId);
      while (placeholder.firstChild) placeholder.removeChild(placeholder.firstChild);
      var frame = document.createElement('iframe');
      frame.id = frameName(field);
      frame.name = frameName(field);
      frame.className = frameName(field);
      frame.setAttribute('frameborder', '0');
      frame.setAttribute('scrolling', 'no');
      frame.setAttribute('style', 'width:100%;height:100%');
      frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-popups');
      if (config.iframeTitle) frame.setAttribute('title', config.iframeTitle);
      frame.src = endpoint + FRAME_PATH + '?' + query({
        mode: setup.mode,
        merchantId: setup.merchantId,
        fieldName: field,
        formId: formId,
        placeholder: config.placeholder,
        ariaLabel: config.ariaLabel,
        inputType: config.inputType,
        debug: options.debug,
        countryCode: options.countryCode,
        version: '2.0.0',
        paymentMethods: options.paymentMethods && options.paymentMethods.length
          ? options.paymentMethods.join(',') : undefined,
        fieldNames: setup.names.join(','),
        instanceId: instanceId,
      });
      placeholder.appendChild(frame);
    }

    function fieldReady(message) {
      if (!setup || setup.ready.indexOf(message.fieldName) >= 0) return;
      setup.ready.push(message.fieldName);
      if (message.fieldName === setup.names[0]) {
        setup.names.slice(1).forEach(function (field) { createFrame(field, message.formId); });
      }
      if (setup.ready.length !== setup.names.length) return;
      if (setup.options.styles) methods.setStyle(setup.options.styles);
      if (setup.options.focus) methods.focus(setup.options.focus);
      emit('ready');
    }

    function onMessage(event) {
      var message = event.data;
      if (!message || message.instanceId !== instanceId || event.origin !== endpoint) return;
      if (message.messageId && callbacks[message.messageId]) {
        callbacks[message.messageId](message.response);
        return;
      }
      switch (message.messageType) {
        case 'fieldReady': fieldReady(message); break;
        case 'initResponse': emit('error', Object.assign({}, message.error, { action: 'init' })); break;
        case 'validateResponse': emit('validate', message.response); break;
        case 'cardInfoResponse': emit('cardInfo', message.response); break;
        case 'change': emit('change', message.response); break;
        case 'submitResponse':
          if (message.response.result === 'success') emit('success', withoutResult(message.response));
          else emit('error', Object.assign(withoutResult(message.response), { action: 'submit' }));
          break;
        default:
      }
    }

    function onTouch() {
      if (setup) setup.names.forEach(function (field) { post(field, { messageType: 'checkFocus' }); });
    }

    function notEmulated(name) {
      emit('error', { action: 'init', error: name + ' is not emulated by the test vault' });
    }

    function remember(callback) {
      if (!callback) return undefined;
      lastMessageId += 1;
      callbacks[instanceId + lastMessageId] = callback;
      return instanceId + lastMessageId;
    }

    function styleOne(selector, style) {
      if (AT_RULE.test(selector)) {
        Object.keys(style).forEach(function (inner) { sendStyle(inner, style[inner], selector); });
        return;
      }
      sendStyle(selector, style);
    }

    function sendStyle(selector, style, globalSelector) {
      var match = SELECTOR.exec(selector);
      if (!match) return;
      var names = match[1] === '*' ? setup.names : [match[1]];
      var tokens = match[2].match(/::?[a-z-]+|\.[a-z]+/g) || [];
      names.forEach(function (field) {
        postOrThrow(field, { messageType: 'setStyle', selectors: tokens, style: style, globalSelector: globalSelector });
      });
    }

    var methods = {
      on: function (event, handler) { handlers[event] = handler; },
      init: function (transactionId, fields, options) { notEmulated('init', transactionId, fields, options); },
      initPay: function (merchantId, fields, options) { notEmulated('initPay', merchantId, fields, options); },
      initRegister: function (merchantId, fields, options) { notEmulated('initRegister', merchantId, fields, options); },
      initTokenize: function (merchantId, fields, options) {
        var named = {};
        Object.keys(fields).forEach(function (field) {
          named[field] = typeof fields[field] === 'string' ? { placeholderElementId: fields[field] } : fields[field];
        });
        var names = Object.keys(named).sort(function (a, b) {
          if (a === 'cardNumber') return -1;
          if (b === 'cardNumber') return 1;
          return a < b ? -1 : 1;
        });
        setup = { mode: 'TOKENIZE', merchantId: merchantId, fields: named, names: names, ready: [], options: options || {} };
        createFrame(names[0], '');
      },
      submit: function (parameters, callback) {
        post(setup && setup.names[0], {
          messageType: 'submitRequest',
          parameters: parameters || {},
          browserDetails: browserDetails(),
          messageId: remember(callback),
        });
      },
      validate: function () { post(setup && setup.names[0], { messageType: 'validateRequest' }); },
      getCardInfo: function (callback) {
        post(setup && setup.names[0], { messageType: 'cardInfoRequest', messageId: remember(callback) });
      },
      setStyle: function (selector, style) {
        if (typeof selector === 'string') styleOne(selector, style);
        else Object.keys(selector).forEach(function (key) { styleOne(key, selector[key]); });
      },
      setPlaceholder: function (field, text) { postOrThrow(field, { messageType: 'setPlaceholder', placeholder: text }); },
      setAriaLabel: function (field, text) { postOrThrow(field, { messageType: 'setAriaLabel', ariaLabel: text }); },
      focus: function (field) { frameOf(field).contentWindow.focus(); },
      clear: function (field) { post(field, { messageType: 'clear' }); },
      destroy: function () {
        window.removeEventListener('message', onMessage);
        document.removeEventListener('touchend', onTouch);
        if (!setup) return;
        setup.names.forEach(function (field) {
          var frame = frameOf(field);
          if (frame) frame.remove();
        });
        setup = null;
      },
    };

    window.addEventListener('message', onMessage);
    document.addEventListener('touchend', onTouch);
    return methods;
  };
})();
