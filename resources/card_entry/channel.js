/* How a card page speaks to the program: by navigations that the program refuses after reading them. Each is a message
 * of its own; two in one turn would cancel each other. */
window.deskpayChannel = function (returnNonce) {
  'use strict';

  var SPACING_MS = 25;
  var outbox = [];
  var sending = false;

  function send() {
    if (!outbox.length) {
      sending = false;
      return;
    }
    sending = true;
    location.href = outbox.shift();
    setTimeout(send, SPACING_MS);
  }

  return function (route, rest) {
    outbox.push('deskpay://capture/' + route + '?n=' + returnNonce + '&' + rest);
    if (!sending) send();
  };
};
