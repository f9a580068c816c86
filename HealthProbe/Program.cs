// The HEALTHCHECK command of images, which have no shell: exits with 0 if the address answers with success within 4 s, else with 1 and the
// reason.
if (args is not [var address])
{
    Console.Error.WriteLine("usage: Hype.HealthProbe URL");
    return 2;
}

using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };
try
{
    using var answer = await client.GetAsync(address);
    Console.WriteLine($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    return answer.IsSuccessStatusCode ? 0 : 1;
}
catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
