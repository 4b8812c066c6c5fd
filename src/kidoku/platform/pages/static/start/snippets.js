// How each official SDK is told to call this platform instead of LINE. Names as in the SDKs' own sources.

/** {id, name, code({baseUrl, token, secret})}: the client, and where the secret goes. */
export const SNIPPETS = [
  {
    id: 'python',
    name: 'Python',
    code: ({ baseUrl, token, secret }) => `from linebot.v3 import WebhookHandler
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi

configuration = Configuration(
    host=${quoted(baseUrl)},
    access_token=${quoted(token)},
)
api = MessagingApi(ApiClient(configuration))
handler = WebhookHandler(${quoted(secret)})`,
  },
  {
    id: 'node',
    name: 'Node.js',
    code: ({ baseUrl, token, secret }) => `import { messagingApi, middleware } from '@line/bot-sdk';

const client = new messagingApi.MessagingApiClient({
  channelAccessToken: ${single(token)},
  baseURL: ${single(baseUrl)},
});
const webhook = middleware({ channelSecret: ${single(secret)} });`,
  },
  {
    id: 'java',
    name: 'Java',
    code: ({ baseUrl, token, secret }) => `MessagingApiClient client = MessagingApiClient
    .builder(${quoted(token)})
    .apiEndPoint(URI.create(${quoted(baseUrl)}))
    .build();
var validator = new LineSignatureValidator(
    ${quoted(secret)}.getBytes(StandardCharsets.UTF_8));`,
  },
  {
    id: 'go',
    name: 'Go',
    code: ({ baseUrl, token, secret }) => `bot, err := messaging_api.NewMessagingApiAPI(
	${quoted(token)},
	messaging_api.WithEndpoint(${quoted(baseUrl)}),
)
// In the handler:
callback, err := webhook.ParseRequest(${quoted(secret)}, request)`,
  },
  {
    id: 'php',
    name: 'PHP',
    code: ({ baseUrl, token, secret }) => `$config = new \\LINE\\Clients\\MessagingApi\\Configuration();
$config->setAccessToken(${single(token)});
$config->setHost(${single(baseUrl)});
$api = new \\LINE\\Clients\\MessagingApi\\Api\\MessagingApiApi(
    client: new \\GuzzleHttp\\Client(),
    config: $config,
);
$events = \\LINE\\Parser\\EventRequestParser::parseEventRequest(
    $body, ${single(secret)}, $signature);`,
  },
  {
    id: 'ruby',
    name: 'Ruby',
    code: ({ baseUrl, token, secret }) => `client = Line::Bot::V2::MessagingApi::ApiClient.new(
  base_url: ${single(baseUrl)},
  channel_access_token: ${single(token)},
)
parser = Line::Bot::V2::WebhookParser.new(
  channel_secret: ${single(secret)},
)`,
  },
];

// Values are URLs and tokens of our own; escaped all the same, so that a snippet is always valid code.
function quoted(value) {
  return JSON.stringify(value);
}

function single(value) {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
