using Hype.MediaNode.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

var builder = WebApplication.CreateBuilder(args);
builder.AddHypeMediaNode();

// Read as text: the address is needed before the options are bound and validated.
var controlUrl = builder.Configuration[$"{MediaNodeOptions.Section}:{nameof(MediaNodeOptions.ControlUrl)}"] ?? new MediaNodeOptions().ControlUrl;
builder.WebHost.UseUrls(controlUrl).ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));

var app = builder.Build();
app.MapHypeMediaNode();
return await app.RunOrExplainAsync(Console.Error);
