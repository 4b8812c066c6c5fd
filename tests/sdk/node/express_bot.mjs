// A bot on Express and the official Node SDK: verifies and parses by its middleware, marks as read, then replies.
import express from "express";
import { HTTPFetchError, SignatureValidationFailed, messagingApi, middleware } from "@line/bot-sdk";

const { LINE_CHANNEL_SECRET, LINE_CHANNEL_ACCESS_TOKEN, LINE_API_URL } = process.env;

const line = new messagingApi.MessagingApiClient({
  channelAccessToken: LINE_CHANNEL_ACCESS_TOKEN,
  baseURL: LINE_API_URL,
});

async function markAsRead({ type, markAsReadToken }) {
  try {
    await line.markMessagesAsReadByToken({ markAsReadToken });
    return `I have read your ${type}.`;
  } catch (error) {
    if (!(error instanceof HTTPFetchError)) throw error;
    return `${error.status} ${error.body}`;
  }
}

async function attend({ message, replyToken }) {
  const text = await markAsRead(message);
  await line.replyMessage({ replyToken, messages: [{ type: "text", text }] });
}

const app = express();

app.post("/webhook", middleware({ channelSecret: LINE_CHANNEL_SECRET }), async (request, response) => {
  for (const event of request.body.events) if (event.type === "message") await attend(event);
  response.json({});
});

app.use((error, request, response, next) => {
  if (error instanceof SignatureValidationFailed) response.status(400).send("bad signature");
  else next(error);
});

const server = app.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
