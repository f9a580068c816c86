using Hype.Gateway.Hosting;

// The door for clients, and in the embedded mode everything behind it: one process is the whole product.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddHypeGateway();

var app = builder.Build();
app.MapHypeGateway();
return await app.RunOrExplainAsync(Console.Error);
