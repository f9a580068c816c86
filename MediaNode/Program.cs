using Hype.Hosting.Telemetry;
using Hype.MediaNode.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddHypeMediaNode();

var app = builder.Build();
app.UseHypeMetrics();
app.MapHypeMediaNode();
return await app.RunOrExplainAsync(Console.Error);
