// One turn with OpenAI's own library, which takes everything from the environment.
import OpenAI from "openai";

const client = new OpenAI({maxRetries: 0});
const answer = await client.chat.completions.create({model: "gpt-5.4", messages: [{role: "user", content: "say pong"}]});
console.log(answer.choices[0].message.content);
