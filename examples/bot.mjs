// A bot that marks every message as read. Run it with: npm install --no-save express @line/bot-sdk && node examples/bot.mjs
import express from "express";
import { messagingApi, middleware } from "@line/bot-sdk";

const { LINE_CHANNEL_SECRET: channelSecret, LINE_CHANNEL_ACCESS_TOKEN: channelAccessToken } = process.env;
const { LINE_API_URL: baseURL = "http://127.0.0.1:8400", PORT = 5000 } = process.env;
const line = new messagingApi.MessagingApiClient({ channelAccessToken, baseURL });

express()
  .post("/webhook", middleware({ channelSecret }), async ({ body: { events } }, response) => {
    for (const { type, message } of events)
      if (type === "message") await line.markMessagesAsReadByToken({ markAsReadToken: message.markAsReadToken });
    response.end();
  })
  .listen(PORT, () => console.log(`webhook URL: http://127.0.0.1:${PORT}/webhook`));
